function Meta(meta)
  meta.s, meta.b, meta.n, meta.f = 'a string', false, 12, 2.5
  meta.list = {'a', 'b'}
  meta.map = {x = 'y', z = {1, 2}}
  meta.inl = {pandoc.Str 'x', pandoc.Space()}
  meta.blk = {pandoc.Para 'x'}
  meta.one, meta.two = pandoc.Str 'q', pandoc.Para 'q'
  meta.title = nil
  return meta
end
