"""Networks of stages: guaranteed service on trees and on any network without a cycle, and serial systems exactly."""
