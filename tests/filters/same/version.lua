function Pandoc()
  local V = pandoc.types.Version
  local function fails(f, ...) return tostring(not pcall(f, ...)) end
  local out = {tostring(V '2.17.1'), tostring(V {2, 3}), tostring(V(2)), tostring(V '2.17' < V '2.17.1'), tostring(V '2.17' <= V {2, 17}),
    tostring(V '2.3' == V {2, 3}), V '2.17.1'[2], #V '2.17.1', tostring(PANDOC_VERSION >= V '2.17'), fails(function() PANDOC_VERSION:must_be_at_least '99' end),
    fails(function() PANDOC_VERSION:must_be_at_least '2.0' end), tostring(PANDOC_API_VERSION >= V '1.22'), fails(V, 2.5), fails(V, 'x'),
    tostring(pandoc.utils.Version '1.2' == V '1.2')}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
