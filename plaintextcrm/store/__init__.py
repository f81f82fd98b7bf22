"""Floor 3: the disk. Where the files are, how they are read and how they are replaced."""
