using System.Data;
using Npgsql;

namespace NewsApi.Benchmarks;

/// <summary>Npgsql's pool and its own way of keeping statements prepared; a connection is taken for each read.</summary>
internal sealed class BarePostgres(string connectionString, int connections) : IBareDatabase
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxPoolSize = connections,
        MinPoolSize = connections,
        MaxAutoPrepare = 10,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
    });

    public async ValueTask<BareArticle?> ArticleAsync(string id)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(BareSql.Article, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = id } } };
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
        return await row.ReadAsync()
            ? new BareArticle(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3))
            : null;
    }

    public async ValueTask<List<BareCard>> NewestAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(BareSql.Newest, connection);
        return await CardsAsync(command);
    }

    public async ValueTask<List<BareCard>> OfPersonAsync(string person)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(BareSql.OfPerson, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = person } } };
        return await CardsAsync(command);
    }

    private static async ValueTask<List<BareCard>> CardsAsync(NpgsqlCommand command)
    {
        var cards = new List<BareCard>(BareSql.Limit + 1);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) cards.Add(new BareCard(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        return cards;
    }
}
