return {{
  Code = function(c) return pandoc.Code(c.text:upper(), c.attr) end,
  Math = function(m) return pandoc.Math(m.mathtype == 'InlineMath' and 'DisplayMath' or 'InlineMath', m.text .. '+1') end,
  RawInline = function(r) return pandoc.RawInline('html', '<i>' .. r.format .. r.text .. '</i>') end,
}}
