return {{
  DefinitionList = function(l) l.content[1][1] = {pandoc.Str 'T'} l.content[2][2] = {{pandoc.Para 'only'}} return l end,
  LineBlock = function(l) l.content:insert(1, {pandoc.Str 'zero'}) return l end,
}}
