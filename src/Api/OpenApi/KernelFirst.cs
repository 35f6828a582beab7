using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Puts the kernel parameters first; by default inherited parameters come last.</summary>
internal sealed class KernelFirst : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var kernel = operation.Parameters?.FirstOrDefault(p => p.Name == "kernel");
        if (kernel is null) return;
        operation.Parameters!.Remove(kernel);
        operation.Parameters.Insert(0, kernel);
    }
}
