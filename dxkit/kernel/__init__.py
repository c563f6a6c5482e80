"""Kernels that are forked from a process which has imported everything already.

`provisioner` is what Jupyter calls, `zygotes` and `process` are the server's side, `zygote` and
`forked` run in processes of their own, `line` is what both sides speak, `folders` is where sockets
lie. Only machinery: which modules are imported beforehand is named in a kernel specification.
"""
