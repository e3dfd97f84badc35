return {{
  Link = function(l) l.target = l.target .. '#x' l.title = 'T' l.content:insert(pandoc.Str '>') return l end,
  Image = function(i) i.src = 'img/' .. i.src i.caption = {pandoc.Str 'new'} i.title = '' return i end,
}}
