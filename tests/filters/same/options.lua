function Pandoc()
  local r, w = pandoc.ReaderOptions {columns = 60}, pandoc.WriterOptions {columns = 50, wrap_text = 'wrap-none'}
  return pandoc.Pandoc {pandoc.Para(r.columns .. ' ' .. w.columns .. ' ' .. w.wrap_text .. ' ' .. r.tab_stop)}
end
