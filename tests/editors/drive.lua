-- What a user of Neovim does in a Clef file. Writes what came of each step as JSON to $ANSWERS.
local answers = {}

local function save()
  local file = io.open(os.getenv("ANSWERS"), "w")
  file:write(vim.fn.json_encode(answers))
  file:close()
end

local function waited(what, holds)
  if not vim.wait(60000, holds, 50) then
    answers.failed = what
    save()
    vim.cmd("cquit 1")
  end
end

local function messages()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { one.lnum, one.col, vim.split(one.message, "\n")[1] })
  end
  return found
end

local function place(line, column)
  vim.api.nvim_win_set_cursor(0, { line, column })
  return vim.lsp.util.make_position_params(0, "utf-16")
end

local function asked(method, parameters)
  local found = vim.lsp.buf_request_sync(0, "textDocument/" .. method, parameters, 60000)
  for _, one in pairs(found or {}) do
    return one.result
  end
end

local function texts()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

answers.filetype = vim.bo.filetype
waited("first messages", function() return #messages() > 0 end)
answers.first = messages()

-- An edit behind a character of two UTF-16 units, sent as a change of a part of the line.
vim.api.nvim_buf_set_text(0, 1, 27, 1, 31, { "" })
waited("no messages", function() return #messages() == 0 end)
answers.mended = texts()[2]

answers.hover = asked("hover", place(4, 5)).contents.value
local definition = asked("definition", place(4, 20))
answers.definition = (definition[1] or definition).range.start

local items = {}
for _, item in ipairs(asked("completion", place(4, 22)).items) do
  items[item.label] = true
end
answers.completion = items["doubled"] == true

place(4, 20)
vim.lsp.buf.rename("twofold")
waited("renamed", function() return texts()[4]:find("twofold") ~= nil end)
answers.renamed = texts()

local format = vim.lsp.buf.format or vim.lsp.buf.formatting_sync
format(nil, 60000)
answers.formatted = texts()
save()
vim.cmd("qall!")
