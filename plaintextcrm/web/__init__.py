"""Floor 7: feeds over HTTP. Begin with `answer.py`: what is answered to a request, and nothing else."""
