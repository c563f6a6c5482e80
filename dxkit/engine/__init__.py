"""A papermill engine whose kernels are forked and spoken to over a pair of sockets.

`papermill --engine dxkit` finds `entry`; whoever has a notebook at hand calls `direct`. `choice`
tells which notebooks get a forked kernel, `engine` leaves all others to papermill. A notebook is
run by papermill's and nbclient's own code (`notebook`, `outputs`), a cell by ipykernel's own
(`app`, in the fork). What lies between is made here: `wire` carries Jupyter's messages, `ear` and
`channels` are the end that nbclient knows, `streams` and `timers` the end that ipykernel knows,
`kernel` starts and ends the process. Only machinery: it knows nothing of enterprises.
"""
