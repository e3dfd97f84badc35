local log = pandoc.List {}
local function note(name) return function() log:insert(name) end end
return {{
  traverse = 'topdown',
  Str = function(el) log:insert(el.text) end, Emph = note 'Emph', Inlines = note 'Inlines', Para = note 'Para', Plain = note 'Plain',
  Header = note 'Header', Blocks = note 'Blocks', Meta = note 'Meta', BulletList = note 'BulletList', Note = note 'Note',
  Div = note 'Div', Cite = note 'Cite', Table = note 'Table', Quoted = note 'Quoted',
  Pandoc = note 'Pandoc',
}, {Pandoc = function(doc) doc.blocks:insert(pandoc.CodeBlock(table.concat(log, '\n'))) return doc end}}
