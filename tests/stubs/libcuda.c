/* A stand-in for libcuda.so.1. -DWITHOUT_DRIVER_VERSION leaves a symbol out; -DTOOLKIT_STUB answers 34 to everything. */
#include "stub.h"

#ifdef TOOLKIT_STUB
int cuDriverGetVersion(int *version) { (void)version; return 34; }
int cuInit(unsigned flags) { (void)flags; return 34; }
#else

#ifndef WITHOUT_DRIVER_VERSION
int cuDriverGetVersion(int *version) {
    int code = stub_act("cuDriverGetVersion");
    *version = stub_number("STUB_CUDA", 12040);
    return code;
}
#endif

int cuInit(unsigned flags) {
    (void)flags;
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    int code = stub_act("cuInit");
    if (code) return code;
    if (visible && !strcmp(visible, "0,0")) return 101;
    return stub_count() == 0 || (visible && (!*visible || *visible == '-')) ? 100 : 0;
}

int cuDeviceGetCount(int *count) {
    int code = stub_act("cuDeviceGetCount");
    *count = stub_count();
    return code;
}

int cuDeviceGet(int *device, int index) {
    int code = stub_act("cuDeviceGet");
    *device = index;
    return code;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    int code = stub_act("cuDeviceGetAttribute");
    char text[16];
    stub_field(device, 0, text, sizeof text);
    *value = attribute == 75 ? atoi(text) : atoi(strchr(text, '.') + 1);
    return code;
}

int cuDeviceGetName(char *name, int size, int device) {
    stub_field(device, 1, name, size);
    return stub_act("cuDeviceGetName");
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    char text[32];
    stub_field(device, 2, text, sizeof text);
    *bytes = (size_t)atoi(text) << 20;
    return stub_act("cuDeviceTotalMem_v2");
}
#endif
