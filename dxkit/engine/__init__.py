"""A papermill engine whose kernels are forked and spoken to over a pair of sockets.

`papermill --engine dxkit` finds `engine`. A notebook is run by papermill's and nbclient's own code
(`notebook`), a cell by ipykernel's own (`app`, in the fork); only what lies between is made here:
`wire` carries Jupyter's messages, `channels` are the ends that nbclient knows, `streams` those that
ipykernel knows, `kernel` starts and ends the process, `choice` tells for which notebooks all this
will do. Only machinery: it knows nothing of enterprises.
"""
