"""The one small style sheet, generated from the tokens; Fusion and the palette do the rest.

Widgets choose a rule by a property: `kind` on buttons and frames.
"""

from __future__ import annotations

from quarterdeck.ui.theme.measures import RADIUS_CARD, RADIUS_CONTROL, RADIUS_TAG
from quarterdeck.ui.theme.tokens import Tokens


def build_style_sheet(tokens: Tokens) -> str:
    """The application's style sheet for one theme."""
    return "\n".join(
        (_buttons(tokens), _fields(tokens), _frames(tokens), _chrome(tokens), _tabs(tokens), _scroll_bars(tokens))
    )


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton[kind] {{ border: 1px solid {t.line}; border-radius: {RADIUS_CONTROL}px; padding: 0 10px;
  min-height: 26px; background: {t.raised}; color: {t.text}; }}
QPushButton[kind]:hover {{ background: {t.hover}; }}
QPushButton[kind]:pressed {{ background: {t.line}; }}
QPushButton[kind]:checked {{ background: {t.accent_ground}; border-color: {t.accent}; }}
QPushButton[kind]:focus {{ border-color: {t.accent}; }}
QPushButton[kind]:disabled {{ color: {t.text_tertiary}; background: {t.surface}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; border-color: {t.accent}; color: {t.on_accent}; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; padding: 0 9px; min-height: 24px; }}
QPushButton[kind="primary"]:disabled {{ background: {t.hover}; border-color: {t.line}; color: {t.text_tertiary}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; padding: 0 6px; }}
QPushButton[kind="quiet"]:hover {{ background: {t.hover}; }}
QPushButton[kind="quiet"]:focus {{ border-color: {t.accent}; }}
QPushButton[kind="link"] {{ background: transparent; border: none; padding: 0; color: {t.accent}; text-align: left; }}
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus {{ color: {t.accent_hover}; }}
QPushButton[kind="row"] {{ min-height: 20px; padding: 0 8px; }}
QPushButton[narrow="true"] {{ padding: 0 2px; }}
"""


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QAbstractSpinBox {{ background: {t.window}; color: {t.text};
  border: 1px solid {t.line}; border-radius: {RADIUS_CONTROL}px; padding: 0 9px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit {{ min-height: 26px; lineedit-password-character: 8226; }}
QPlainTextEdit {{ padding: 4px 5px; }}
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus {{ border-color: {t.accent}; }}
QLineEdit[faulty="true"], QPlainTextEdit[faulty="true"] {{ border-color: {t.down}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {t.text_tertiary}; }}
QDateTimeEdit::drop-down {{ border: none; background: transparent; width: 26px; }}
QDateTimeEdit::down-arrow {{ image: none; width: 0; height: 0; }}
QLineEdit[kind="bare"] {{ background: transparent; border: none; padding: 0; }}
"""


def _frames(t: Tokens) -> str:
    return f"""
QFrame[kind="card"], QFrame[kind="table"] {{ background: {t.raised}; border: 1px solid {t.line};
  border-radius: {RADIUS_CARD}px; }}
QFrame[kind="sheet"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS_CARD}px; }}
QFrame[kind="hairline"] {{ background: {t.line}; border: none; }}
QDialog {{ background: {t.surface}; }}
QFrame[kind="bar"] {{ background: {t.surface}; border: none; }}
QFrame[kind="page"] {{ background: {t.window}; border: none; }}
"""


def _chrome(t: Tokens) -> str:
    return f"""
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 10px; border-radius: {RADIUS_TAG}px; }}
QMenu::item:selected {{ background: {t.accent_ground}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text_tertiary}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 6px; }}
QSplitter::handle, QMainWindow::separator {{ background: {t.line}; width: 1px; height: 1px; }}
QMainWindow::separator:hover, QSplitter::handle:hover {{ background: {t.accent}; }}
QScrollArea, QStackedWidget {{ background: transparent; border: none; }}
"""


def _tabs(t: Tokens) -> str:
    return f"""
QMainWindow > QTabBar {{ background: {t.surface}; border-bottom: 1px solid {t.line}; }}
QMainWindow > QTabBar::tab {{ background: {t.surface}; color: {t.text_secondary}; padding: 5px 14px 4px 14px;
  border: none; border-bottom: 2px solid {t.line}; }}
QMainWindow > QTabBar::tab:hover {{ background: {t.hover}; color: {t.text}; }}
QMainWindow > QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QMainWindow > QTabBar::tab:focus {{ color: {t.accent}; }}
"""


def _scroll_bars(t: Tokens) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.text_tertiary}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
"""
