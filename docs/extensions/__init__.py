"""Extensions of Sphinx that this documentation needs."""
