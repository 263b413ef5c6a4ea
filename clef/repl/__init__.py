"""A prompt: inputs that are compiled and run one after the other, and what they leave behind."""
