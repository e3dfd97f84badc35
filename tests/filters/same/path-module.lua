local p = require 'pandoc.path'
function Pandoc()
  local out = pandoc.List()
  for _, s in ipairs {'a/b.c', 'a', '/a', 'a/', 'a/b/', '/a/b/', 'a//b/./c/../d', './a', '.', '', 'a/b.tar.gz', 'a/.b', 'a.b/c', '/'} do
    local stem, ext = p.split_extension(s)
    out:extend {s, p.directory(s), p.filename(s), p.normalize(s), stem .. '|' .. ext, tostring(p.is_absolute(s)), tostring(p.is_relative(s)),
      table.concat(p.split(s), '|')}
  end
  out:extend {p.join {'a', 'b', 'c'}, p.join {'a', '/b'}, p.join {'a/', 'b'}, p.join {}, p.make_relative('a/b/c', 'a/d'), p.make_relative('a/b/c', 'a/d', true),
    p.make_relative('a/b', 'a'), p.make_relative('/a/b', '/a/b'), p.make_relative('/a', 'b'), table.concat(p.split_search_path 'a:b::c', '|'),
    p.separator, p.search_path_separator}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
