using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;

namespace Relo.Api.Http.Uploads;

/// <summary>Limits the disk space of all kernel files that are being uploaded or read.</summary>
internal sealed class KernelFileSpace(IOptions<LimitOptions> options)
    : ByteBudget(options.Value.KernelUploadBytes, "kernel files", nameof(LimitOptions.KernelUploadBytes));
