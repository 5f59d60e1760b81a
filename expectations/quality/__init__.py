"""What the city may know of its data's quality: tables beside the marts, and the page Mutu Data."""
