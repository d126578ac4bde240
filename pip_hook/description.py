"""Says what an interpreter is. Run as a file by any Python from 3.6 on: it imports nothing of ours."""

import json
import os
import platform
import site
import sys
import sysconfig
from typing import Any, Dict  # noqa: UP035 - older interpreters run this file


def describe() -> Dict[str, Any]:  # noqa: UP006
    """Return where this interpreter keeps its packages, and the values of environment markers."""
    paths = sysconfig.get_paths()
    full = ".".join(map(str, sys.version_info[:3]))
    return {
        "executable": sys.executable,
        "prefix": sys.prefix,
        "version": list(sys.version_info[:2]),
        "sites": [paths["purelib"], paths["platlib"]],
        "user_site": site.getusersitepackages(),
        "has_user_site": sys.base_prefix in site.PREFIXES,
        "platform": sysconfig.get_platform(),
        "markers": {
            "implementation_name": sys.implementation.name,
            "implementation_version": full,
            "os_name": os.name,
            "platform_machine": platform.machine(),
            "platform_python_implementation": platform.python_implementation(),
            "platform_release": platform.release(),
            "platform_system": platform.system(),
            "platform_version": platform.version(),
            "python_full_version": full,
            "python_version": ".".join(map(str, sys.version_info[:2])),
            "sys_platform": sys.platform,
        },
    }


if __name__ == "__main__":
    print(json.dumps(describe()))
