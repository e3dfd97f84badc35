function Pandoc(doc)
  local out = pandoc.List {}
  local img = pandoc.Image('alt', 'src')
  img.content = {pandoc.Str 'new'}
  out:extend {pandoc.utils.stringify(img.caption), tostring(PANDOC_VERSION >= '3.0'), tostring(PANDOC_VERSION), FORMAT}
  out:extend {tostring(pandoc.Attr 'i'[1]), type(pandoc.system.cputime), tostring(pandoc.path.exists 'data.txt'), tostring(pandoc.path.exists 'nothing')}
  out:extend {tostring(pandoc.Inlines 'a b' == pandoc.Para 'a b'.content), table.concat(pandoc.system.list_directory '.', ' '):match 'data.txt'}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
