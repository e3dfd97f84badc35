-- include: a Div with the class "include" becomes another file of the site, or one section of it.
--
--     ::: {.include file="../cases/tank.md" section="事故经过"}
--     :::
--
-- `file` is relative to this page, or from the site's folder when it begins with '/'. Links and
-- pictures of the other file are turned so that they lead where they led. An include inside what was
-- included stays as it is.

local path, stringify = pandoc.path, pandoc.utils.stringify
local page = PANDOC_STATE.input_files[1] or ''
local here = path.directory(page)

-- "a/../b" → "b"
local function flat(p)
  local out = pandoc.List()
  for part in p:gmatch '[^/]+' do
    if part == '..' and #out > 0 and out[#out] ~= '..' then
      out:remove()
    elseif part ~= '.' then
      out:insert(part)
    end
  end
  return table.concat(out, '/')
end

local function read_blocks(file)
  local handle, why = io.open(file)
  if not handle then error('读不了要插入的文件 ' .. tostring(why), 0) end
  local text = handle:read('a'):gsub('^\u{FEFF}', ''):gsub('^%-%-%-\r?\n.-\n%-%-%-\r?\n', '')
  handle:close()
  return pandoc.read(text, 'markdown').blocks
end

local function section_of(blocks, name, file)
  local out, level
  for _, b in ipairs(blocks) do
    if b.t == 'Header' then
      if level and b.level <= level then break end
      if not level and (stringify(b) == name or b.identifier == name) then
        out, level = pandoc.List(), b.level
        goto next
      end
    end
    if level then out:insert(b) end
    ::next::
  end
  if not out then error(file .. ' 里没有“' .. name .. '”这一节', 0) end
  return pandoc.Blocks(out)
end

local function turn(target, folder)
  if target == '' or target:match '^[%a][%w+.-]*:' or target:match '^//' or target:match '^#' then return target end
  if target:match '^/' then return target end
  return path.make_relative(flat(folder .. '/' .. target), here, true)
end

function Div(el)
  if not el.classes:includes 'include' then return nil end
  local file = el.attributes.file
  if not file then error('include 要写 file="…"', 0) end
  file = file:match '^/' and file:sub(2) or flat(here .. '/' .. file)
  local blocks = read_blocks(file)
  if el.attributes.section then blocks = section_of(blocks, el.attributes.section, file) end
  local folder = path.directory(file)
  el.content = blocks:walk {
    Link = function(l)
      l.target = turn(l.target, folder)
      return l
    end,
    Image = function(i)
      i.src = turn(i.src, folder)
      return i
    end,
  }
  el.classes = { 'included' }
  el.attributes = {}
  return el
end
