function Meta()
  return {
    a = pandoc.MetaInlines {pandoc.Str 'x'}, b = pandoc.MetaBlocks {pandoc.Para 'x'}, c = pandoc.MetaString 'text here',
    d = pandoc.MetaBool(true), e = pandoc.MetaList {pandoc.MetaString 'a', pandoc.MetaBool(false)},
    f = pandoc.MetaMap {k = pandoc.MetaInlines {pandoc.Str 'v'}}, g = pandoc.Inlines 'two words', h = pandoc.Blocks 'two words',
  }
end
