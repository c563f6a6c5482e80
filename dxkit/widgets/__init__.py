"""The pages of the workshop as widgets: they run in Voila and in JupyterLab alike."""
