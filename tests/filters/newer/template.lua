function Pandoc(doc)
  local out = pandoc.List {}
  local t = pandoc.template
  local function draw(text, context) out:insert(t.apply(t.compile(text), context):render()) end
  draw('Hello $name$ and ${other.name}!', {name = 'A', other = {name = 'B'}})
  draw('$if(a)$yes$else$no$endif$ $if(b)$yes$elseif(a)$second$endif$', {a = true})
  draw('$for(x)$<$x$>$sep$,$endfor$ $for(y)$$it.k$;$endfor$', {x = {'1', '2'}, y = {{k = 'p'}, {k = 'q'}}})
  draw('$x[, ]$ $$5 $-- a comment', {x = {'a', 'b'}})
  draw('$n/uppercase$ $x/length$ $x/first$ $x/last$ $n/left 4 "|" "|"$', {n = 'abc', x = {'1', '2', '3'}})
  draw('$t$', {t = pandoc.Inlines 'two words'})
  out:insert(t.apply('$a$', {a = 'text'}):render())
  local c = t.meta_to_context(doc.meta, function(b) return 'B' end, function(i) return pandoc.utils.stringify(i):upper() end)
  out:extend {c.title, c.list[2], tostring(pcall(t.compile, '$if(x)$')), pandoc.utils.type(t.compile 'x')}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
