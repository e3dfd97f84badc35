local line = pandoc.Para {pandoc.Str 'again'}
return {
  {Header = function(h) return {line, h, line} end},
  {Para = function(p) p.content:insert(pandoc.Str '.') return p end},
}
