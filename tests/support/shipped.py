"""The families as shipped, put together once for all tests of a process."""

from engine.registry import Registry
from workflows import families

REGISTRY = Registry(families())
