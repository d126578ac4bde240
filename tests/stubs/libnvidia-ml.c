/* A stand-in for libnvidia-ml.so.1, with the functions that the probe asks for. -DWITHOUT_V2 leaves the _v2 names out. */
#include "stub.h"

typedef struct { unsigned long long total, free, used; } Memory;

#define NOT_SUPPORTED 3
#define HANDLE(index) ((void *)(long)((index) + 1))
#define INDEX(handle) ((int)(long)(handle) - 1)

#ifndef WITHOUT_V2
int nvmlInit_v2(void) { return stub_act("nvmlInit"); }
int nvmlSystemGetCudaDriverVersion_v2(int *version) {
    int code = stub_act("nvmlSystemGetCudaDriverVersion_v2");
    *version = stub_number("STUB_NVML_CUDA", stub_number("STUB_CUDA", 12040));
    return code;
}
int nvmlDeviceGetCount_v2(unsigned *count) {
    int code = stub_act("nvmlDeviceGetCount");
    *count = stub_count();
    return code;
}
/* STUB_FROM: the first GPU for which the orders hold. */
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
    int code = (int)index < stub_number("STUB_FROM", 0) ? 0 : stub_act("nvmlDeviceGetHandleByIndex");
    *handle = HANDLE(index);
    return code;
}
#endif

int nvmlInitWithFlags(unsigned flags) { (void)flags; return stub_act("nvmlInit"); }
int nvmlShutdown(void) { return 0; }

int nvmlSystemGetDriverVersion(char *text, unsigned size) {
    const char *release = getenv("STUB_RELEASE");
    snprintf(text, size, "%s", release ? release : "550.54.14");
    return stub_act("nvmlSystemGetDriverVersion");
}

int nvmlDeviceGetName(void *handle, char *name, unsigned size) {
    stub_field(INDEX(handle), 1, name, size);
    return stub_act("nvmlDeviceGetName");
}

int nvmlDeviceGetCudaComputeCapability(void *handle, int *major, int *minor) {
    char text[16];
    stub_field(INDEX(handle), 0, text, sizeof text);
    *major = atoi(text);
    *minor = atoi(strchr(text, '.') + 1);
    return stub_act("nvmlDeviceGetCudaComputeCapability");
}

int nvmlDeviceGetMemoryInfo(void *handle, Memory *memory) {
    char text[32];
    int index = INDEX(handle);
    stub_field(index % 100, 2, text, sizeof text);
    memory->total = (unsigned long long)atoi(text) << 20;
    if (index >= 100) memory->total = (unsigned long long)stub_number("STUB_MIG", 0) << 20;
    memory->free = memory->used = 0;
    return stub_act("nvmlDeviceGetMemoryInfo");
}

/* STUB_MIG: the memory in MiB of one slice; unset where the GPU does not know MIG. */
int nvmlDeviceGetMigMode(void *handle, unsigned *current, unsigned *pending) {
    (void)handle;
    *current = *pending = 1;
    return getenv("STUB_MIG") ? stub_act("nvmlDeviceGetMigMode") : NOT_SUPPORTED;
}
int nvmlDeviceGetMaxMigDeviceCount(void *handle, unsigned *count) { (void)handle; *count = 2; return 0; }
int nvmlDeviceGetMigDeviceHandleByIndex(void *handle, unsigned index, void **part) {
    *part = HANDLE(INDEX(handle) + 100 * (int)(index + 1));
    return 0;
}

int nvmlDeviceGetVirtualizationMode(void *handle, int *mode) {
    (void)handle;
    *mode = stub_number("STUB_VIRTUAL", 0);
    return stub_act("nvmlDeviceGetVirtualizationMode");
}
