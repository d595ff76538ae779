"""„Das gehört mir“: claims, their proof, and how staff decide."""
