-- api: which names of pandoc's Lua API the engine has. Run by
-- `anjian filter -L tests/tools/api.lua tests/tools/pandoc-names.txt`, whose lines are `MODULE: NAME …`
-- as pandoc's manual lists them; gives the table of the manual as its only block.
local rows = {}

local function value_of(module, name)
  if module == 'globals' then return _G[name] end
  if module == 'elements' then return pandoc[name] end
  if module == 'List methods' then return pandoc.List {}[name] end
  if module == 'Blocks, Inlines' then return pandoc.Inlines {}[name] end
  if module == 'Pandoc' then return pandoc.Pandoc({}, {})[name] end
  local at = pandoc
  for part in module:gmatch '[^.]+' do
    if part ~= 'pandoc' then at = at and at[part] end
  end
  return at and at[name]
end

function Pandoc(doc)
  for line in io.lines(PANDOC_STATE.input_files[1]) do
    local module, names = line:match '^([^:]+): (.+)$'
    if module then
      local have, lack = {}, {}
      for name in names:gmatch '%S+' do
        local list = value_of(module, name) ~= nil and have or lack
        list[#list + 1] = '`' .. name .. '`'
      end
      rows[#rows + 1] = string.format('| %s | %s | %s |', module, table.concat(have, ' '), table.concat(lack, ' '))
    end
  end
  return pandoc.Pandoc { pandoc.CodeBlock('| 模块 | 有 | 没有 |\n|---|---|---|\n' .. table.concat(rows, '\n')) }
end
