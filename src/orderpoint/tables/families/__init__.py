"""Compiled kernels of the demand families, each small enough to be checked against a slow plain twin in the tests.

From special functions (`saddlepoint`, `normal`, `incomplete_gamma`, `incomplete_beta`) over one shape each (`count`,
`gamma`, `empirical`), one component of any family (`component`) and mixtures of components (`mixture`) to the bulk
questions of `Distribution` and `Demand` (`spans`, `periods`, `counter_random`, `paths`). Nothing here allocates more
than a row at a time.
"""
