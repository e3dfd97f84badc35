-- Walks inside handlers, over each kind of element that holds others.
local up={Str=function(s) return pandoc.Str(pandoc.text.upper(s.text)) end, Space=function() return {} end}
return {{
 Table=function(t) return t:walk(up) end,
 BulletList=function(l) return l:walk{Para=function(p) return pandoc.Plain(p.content) end, Blocks=function(b) b:insert(pandoc.Null()) return b end} end,
 Header=function(h) return pandoc.walk_block(h,up) end,
 Cite=function(c) return c:walk(up) end,
 Link=function(c) return c:walk{traverse='topdown',Inlines=function(l) return l..l,false end} end,
 Note=function(n) return n:walk{Block=function(b) return {b,b} end} end,
 DefinitionList=function(d) return d:walk{Inline=function(i) return pandoc.Str(i.t) end} end,
 Pandoc=function(d) return d:walk{Div=function(x) x.attributes.n=x.identifier return x end, Meta=function(m) m.w='x' return m end} end,
}}
