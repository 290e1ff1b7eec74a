"""The command line behind `./run`: one function a command, each opening its own transaction."""

import argparse
import sys


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="./run", description="COOMET Courses")
    commands = made.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="serve the demo on loopback")
    return made


def main(arguments: list[str]) -> int:
    parser().parse_args(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
