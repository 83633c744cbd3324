"""Publishing: the site of an output folder, brought to a folder or an object store and kept as it is here."""
