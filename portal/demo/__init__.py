"""The main job on real photographs, over HTTP, through every real part: what `make demo` runs."""
