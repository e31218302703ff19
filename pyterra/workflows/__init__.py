"""Jobs made of public verbs: annual cropland maps, gaps filled in dated stacks. Each reads like a recipe."""
