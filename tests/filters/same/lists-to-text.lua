return {{
  BulletList = function(l) return l.content:map(function(item) return pandoc.Div(item) end) end,
  DefinitionList = function(l)
    local out = pandoc.List()
    for _, item in ipairs(l.content) do
      out:insert(pandoc.Para(item[1]))
      for _, def in ipairs(item[2]) do out:extend(def) end
    end
    return out
  end,
  LineBlock = function(l) return pandoc.Para(l.content[2]) end,
}}
