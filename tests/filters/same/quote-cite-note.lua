return {{
  Quoted = function(q) return pandoc.Quoted(q.quotetype == 'DoubleQuote' and 'SingleQuote' or 'DoubleQuote', q.content) end,
  Cite = function(c)
    for i, x in ipairs(c.citations) do
      x.id = x.id .. i
      x.mode = 'AuthorInText'
      x.prefix = {pandoc.Str 'p'}
      x.suffix:insert(pandoc.Str 's')
      x.note_num = i
      x.hash = i + 1
    end
    return c
  end,
  Note = function(n) n.content:insert(pandoc.Para 'more') return n end,
}}
