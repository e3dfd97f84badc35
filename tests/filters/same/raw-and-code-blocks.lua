return {{
  CodeBlock = function(c) return {pandoc.RawBlock('latex', c.text), pandoc.CodeBlock(c.text .. '\n\n', {class = 'x'})} end,
  RawBlock = function(r) return pandoc.CodeBlock(r.format .. ':' .. r.text) end,
}}
