-- From the top down, with lists replaced and descents stopped.
return {{traverse='topdown',
 Emph=function(e) return {pandoc.Str '[',e,pandoc.Str ']'}, false end,
 Span=function(e) return pandoc.Strong(e.content) end,
 Strong=function(e) return e.content end,
 Div=function(d) return d.content end, BlockQuote=function(d) return {pandoc.Div(d.content)} end,
 Str=function(s) return pandoc.Str(s.text..'!') end,
 Table=function(t) return t,false end,
 Inlines=function(l) if #l==2 then return {pandoc.Str 'two',pandoc.Emph(l)} end end,
 Blocks=function(l) if #l==3 then return l,false end end,
 Meta=function(m) m.seen=true return m end,
}}
