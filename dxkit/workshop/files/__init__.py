"""Files on their way in and out: uploads, the drop folder, evidence, exports."""
