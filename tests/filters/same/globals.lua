function Pandoc()
  local out = {type(FORMAT), type(PANDOC_VERSION), PANDOC_SCRIPT_FILE:match '[^/]*$', type(PANDOC_STATE), #PANDOC_STATE.input_files,
    type(PANDOC_READER_OPTIONS.tab_stop), type(PANDOC_WRITER_OPTIONS.columns), type(PANDOC_API_VERSION), _VERSION:sub(1, 5), tostring(_G.FORMAT == FORMAT),
    PANDOC_READER_OPTIONS.columns, tostring(PANDOC_READER_OPTIONS.standalone)}
  out[2], out[4], out[8] = 'version', 'state', 'version'
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
