"""How certificates look: designs and their versions, languages, logos, what can be printed."""
