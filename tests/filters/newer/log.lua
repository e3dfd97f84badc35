function Pandoc(doc)
  local out = pandoc.List {}
  local messages, result = pandoc.log.silence(function(x)
    pandoc.log.warn 'careful'
    pandoc.log.info 'by the way'
    return x + 1
  end, 41)
  out:extend {#messages, messages[1].message, messages[1].verbosity, messages[2].verbosity, result}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
