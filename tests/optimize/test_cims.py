"""CIMS: the best stock of each cycle."""

from __future__ import annotations

from orderpoint.optimize.base import Policy
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.sampling import Sampling
from orderpoint.testing.policy_contract import PolicyContract

SAMPLING = Sampling(paths=256)


class TestCims(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Cims(SAMPLING)
