"""One global network over all series with a count distribution for an answer; needs the extra `neural` (PyTorch).

Only `network`, `likelihood`, `training`, `speaking` and `weights_file` import PyTorch, and only a fit or a load imports
them.
"""
