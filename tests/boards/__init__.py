"""Programs on machines without an operating system, under an emulator of the whole machine."""
