return {{
  Inlines = function(list) return pandoc.Inlines {pandoc.Str 'n', pandoc.Str(tostring(#list))} end,
  Blocks = function(list) return list:filter(function(b) return b.t ~= 'Para' end) end,
}}
