-- Elements deleted, spliced, put in the place of others.
return {{
 Str=function(s) if s.text=='x' then return {} elseif s.text=='alpha' then return {s,pandoc.Space(),pandoc.Emph{s}} end end,
 Emph=function(e) return e.content end, Strong=function(e) return pandoc.Span(e.content,{'st'}) end,
 Note=function(n) return pandoc.Span(n.content:map(pandoc.utils.stringify)) end,
 Para=function(p) if #p.content==0 then return {} end return {p,pandoc.HorizontalRule()} end,
 Div=function(d) return d.content end, BulletList=function(l) return pandoc.OrderedList(l.content,pandoc.ListAttributes(5,'Decimal','Period')) end,
 Header=function(h) h.level=h.level+1 h.classes:insert('h') return h end,
}}
