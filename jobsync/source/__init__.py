"""From a directory of files to desired jobs, every problem with its position."""
