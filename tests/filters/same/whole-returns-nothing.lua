-- A handler of the whole document that changes it and returns nothing: alone in its table, after another
-- table, and beside a handler of Meta.
return {
  { Pandoc = function(d)
    d.meta.lost = 'first'
    d.blocks = { pandoc.Para 'lost' }
  end },
  { Str = function(s) return pandoc.Str(s.text .. '!') end },
  { Pandoc = function(d) d.blocks:insert(pandoc.Para 'lost') end },
  { Pandoc = function(d)
    d.meta.kept = 'yes'
    return d
  end },
  { Meta = function(m)
    m.also = 'kept'
    return m
  end,
  Pandoc = function(d)
    d.meta.kept = nil
    d.blocks = {}
  end },
}
