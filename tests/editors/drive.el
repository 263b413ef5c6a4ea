;;; What a user of Emacs does in a Clef file  -*- lexical-binding: t -*-
;; Writes what came of each step as JSON to $ANSWERS.

(require 'eglot)
(require 'json)

(defvar answers nil)

(defun note (name value) (push (cons name value) answers))

(defun waited (what holds)
  (with-timeout (60 (error "Waited in vain for %s; %S" what answers))
    (while (not (funcall holds)) (accept-process-output nil 0.1))))

(defun messages () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun go-behind (text)
  (goto-char (point-min))
  (search-forward text))

(find-file "Program.clef")
(note 'mode (symbol-name major-mode))
(apply #'eglot (eglot--guess-contact))
(waited "the server" #'eglot-current-server)
(setq eglot-send-changes-idle-time 0)
(flymake-start)
(waited "first messages" #'messages)
(note 'first (vconcat (messages)))

;; An edit behind a character of two UTF-16 units.
(go-behind "wrong\" - 1")
(delete-char -4)
(eglot--signal-textDocument/didChange)
(waited "no messages" (lambda () (null (messages))))

(go-behind "let quadr")
(note 'hover (plist-get (plist-get (jsonrpc-request (eglot--current-server-or-lose)
                                                    :textDocument/hover
                                                    (eglot--TextDocumentPositionParams))
                                   :contents)
                        :value))
(go-behind "= doub")
(xref-find-definitions "doubled")
(note 'definition (line-number-at-pos))
(go-behind "= doub")
(eglot-rename "twofold")
(note 'renamed (buffer-substring-no-properties (point-min) (point-max)))
(eglot-format)
(note 'formatted (buffer-substring-no-properties (point-min) (point-max)))
(with-temp-file (getenv "ANSWERS") (insert (json-encode answers)))
(set-buffer-modified-p nil)
(kill-emacs 0)
