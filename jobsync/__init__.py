"""Jobs as code for Intuned: plan and apply a directory of YAML files."""

__version__ = "0.1.0"
