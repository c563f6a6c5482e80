"""Click in Chinese: headings, help and every message about a wrong call; nothing about dxkit."""

from __future__ import annotations

import difflib
import re
from typing import Any

import click

EXIT_USAGE = 2


class Command(click.Command):
    """A command whose help is Chinese."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is wrong with an option knows whose option it is."""
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = [_PIECES.get(piece, piece) for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = (each for each in self.get_params(ctx) if isinstance(each, click.Option))
        records = (record for option in options if (record := option.get_help_record(ctx)))
        rows = [(name, _in_chinese(said)) for name, said in records]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help with Chinese help."""
        option = super().get_help_option(ctx)
        if isinstance(option, click.Option):
            option.help = "显示这段说明。"
        return option


class Group(Command, click.Group):
    """A group of commands whose help is Chinese; a misspelt command gets a proposal."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        Command.format_options(self, ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(60)) for name in self.commands]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.commands, n=1)
            hint = f"是不是 {near[0]}？" if near else "可用：" + "、".join(self.commands)
            raise click.UsageError(f"没有命令“{args[0]}”。{hint}", ctx)
        return super().resolve_command(ctx, args)


def _in_chinese(said: str) -> str:
    """Put into Chinese what click itself adds to the help of an option."""
    said = said.replace("[required]", "必填。")
    return _LEAST.sub(r"不小于 \1。", said)


_LEAST = re.compile(r"\[x>=(\d+)\]")
_MARKS = "'\""
_SAID = re.compile(r"(?P<found>.+?) is not .*", re.DOTALL)
_PIECES = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}


def explain(error: click.ClickException) -> str:
    """Say in Chinese what was wrong with a call."""
    if isinstance(error, click.NoSuchOption):
        near = "、".join(error.possibilities or [])
        return f"没有选项 {error.option_name}。" + (f"是不是 {near}？" if near else "")
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error.param)}。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要跟{_values(error)}。"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)} 的值不对：{_found(error)}{_expected(error)}。"
    return _other(error)


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(_context())


def _values(error: click.BadOptionUsage) -> str:
    """Return how many values an option takes; what they are where there are several."""
    params = error.ctx.command.params if error.ctx is not None else []
    option = next((each for each in params if error.option_name in each.opts), None)
    if option is None or option.nargs < 2:
        return "一个值"
    return f" {option.nargs} 个值：{option.metavar}"


def _context() -> click.Context:
    return click.Context(click.Command("dxkit"))


def _found(error: click.BadParameter) -> str:
    """Return what was given, which click says first in its own words."""
    said = _SAID.fullmatch(error.message)
    return f"发现：{said['found'].strip(_MARKS)}；" if said else ""


def _expected(error: click.BadParameter) -> str:
    kind: Any = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return "应为 " + "、".join(str(each) for each in kind.choices) + " 之一"
    if isinstance(kind, click.IntRange):
        top = f"、不大于 {kind.max}" if kind.max is not None else ""
        return f"应为不小于 {kind.min} {top}的整数".replace(" 、", "、").replace(" 的", "的")
    if isinstance(kind, click.types.IntParamType):
        return "应为整数"
    return error.message


def _other(error: click.ClickException) -> str:
    message = error.message
    if message.startswith("Got unexpected extra argument"):
        extra = message.partition("(")[2].rstrip(")")
        return f"多出了参数：{extra}。"
    return message
